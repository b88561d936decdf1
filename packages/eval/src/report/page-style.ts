/** Style of a report's page: system fonts, light and dark, and what a printer needs. */
export const pageStyle = `
:root { color-scheme: light dark; --line: #d0d4da; --soft: #5b6470; --bar: #2f6fb7; --band: #2f6fb755; --floor: #b4581f; --ground: #fff; --ink: #1a1d21; }
@media (prefers-color-scheme: dark) { :root { --line: #3a4048; --soft: #a0a9b5; --bar: #7db4f0; --band: #7db4f055; --floor: #f0a06a; --ground: #14171b; --ink: #e6e9ed; } }
body { margin: 0 auto; padding: 1.5rem; max-width: 72rem; font: 16px/1.5 system-ui, sans-serif; background: var(--ground); color: var(--ink); }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.2rem; margin: 2.5rem 0 .5rem; } h3 { font-size: 1rem; margin: 1.5rem 0 .25rem; }
p, li { max-width: 65ch; } .soft, caption { color: var(--soft); } caption { text-align: left; padding-bottom: .25rem; }
.wide { overflow-x: auto; } table { border-collapse: collapse; margin: .25rem 0 1rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--line); } td.number, th.number { text-align: right; }
th { font-weight: 600; } td.answer { min-width: 12rem; overflow-wrap: anywhere; } td.best { font-weight: 700; }
svg { display: block; width: 16rem; height: 1.2rem; } .band { fill: var(--band); } .value { fill: var(--bar); } .floor { stroke: var(--floor); stroke-width: 2; vector-effect: non-scaling-stroke; }
@media print { body { max-width: none; padding: 0; font-size: 11px; } table, h2, h3 { break-inside: avoid; } h2, h3 { break-after: avoid; } }
`
