/** Style of a report's page: system fonts, light and dark, narrow windows, and what a printer needs. */
export const pageStyle = `
:root { color-scheme: light dark; --ground: #fff; --ink: #1a1d21; --soft: #565f6b; --line: #d5d9de; --tint: #e6effa; --bar: #2b67ad; --band: #2b67ad40; --floor: #a64b12;
 --s0: #6b7480; --s1: #1d5fa8; --s2: #b4480b; --s3: #22744a; --s4: #8a3a8f; }
@media (prefers-color-scheme: dark) { :root { --ground: #14171b; --ink: #e6e9ed; --soft: #a3acb8; --line: #373d45; --tint: #1e3049; --bar: #7db4f0; --band: #7db4f045; --floor: #f0a06a;
 --s0: #98a2af; --s1: #7db4f0; --s2: #f5a05f; --s3: #6fcf97; --s4: #d99ae0; } }
* { box-sizing: border-box; }
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; background: var(--ground); color: var(--ink); }
main { max-width: 84rem; margin: 0 auto; padding: 2rem 1.5rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .75rem; } h2 { font-size: 1.2rem; margin: 3rem 0 .5rem; } h3 { font-size: 1rem; margin: 1.5rem 0 .4rem; }
p, li { max-width: 46rem; } p { margin: .4rem 0 .8rem; } ul { padding-left: 1.2rem; } .lead { font-size: 1.05rem; max-width: 60rem; overflow-wrap: anywhere; }
.soft, caption, small { color: var(--soft); } .soft { font-size: .9rem; } small { display: block; font-size: .75rem; font-weight: 400; line-height: 1.35; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.wide { overflow-x: auto; position: relative; } table { border-collapse: collapse; margin: .25rem 0 1rem; font-variant-numeric: tabular-nums; font-size: .9rem; position: relative; }
caption { text-align: left; padding-bottom: .35rem; } caption strong { color: var(--ink); }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); } th { font-weight: 600; }
td.number, th.number { text-align: right; } td.answer { overflow-wrap: anywhere; } .best { font-weight: 700; }
table.main { width: 100%; font-size: .8125rem; } table.main th, table.main td { padding: .35rem .4rem; } table.main th[scope=row], table.groups th[scope=row] { padding-left: 0; }
table.main td, table.groups td, table.main small { white-space: nowrap; } table.main small { font-size: .6875rem; } table.main thead th, table.main thead td { border-bottom: 0; vertical-align: bottom; }
table.main thead tr:last-child th { border-bottom: 2px solid var(--line); } .start { border-left: 1px solid var(--line); } th[scope=colgroup] { color: var(--soft); padding-bottom: 0; }
th[scope=row] { overflow-wrap: normal; } table.main th[scope=row] { white-space: nowrap; } table.main thead th:first-child { padding-left: 0; } td.best { background: var(--tint); } table.groups td { padding-left: .6rem; padding-right: .6rem; } .floors > tr > *, tr.floors > * { color: var(--floor); border-top: 1px solid var(--line); }
svg { display: block; } td.bar svg { width: 14rem; height: 1.1rem; } svg.under { width: 100%; min-width: 3.5rem; height: 4px; margin-top: 3px; }
.band { fill: var(--band); } .value { fill: var(--bar); } .floor { stroke: var(--floor); stroke-width: 2; vector-effect: non-scaling-stroke; }
.loss { fill: var(--s2); } .loss.open { fill-opacity: .45; } .variant { fill: var(--s0); } .zero { stroke: var(--ink); stroke-width: 1; vector-effect: non-scaling-stroke; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 22rem), 1fr)); gap: .5rem 2.5rem; align-items: start; }
table.card { width: 100%; table-layout: fixed; } .card th, .card td { padding: .25rem .5rem .25rem 0; vertical-align: middle; line-height: 1.3; } .card td.number { white-space: nowrap; } .card th { font-weight: 400; overflow-wrap: break-word; } col.label { width: 47%; } col.amount { width: 22%; }
.card td.bar { padding-right: 0; } .card td.bar svg { width: 100%; } .card td.bar svg.dots { height: auto; } .card .axis td { border: 0; padding-top: 0; }
.panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 16rem), 23rem)); gap: 1.25rem; } figure { margin: 0; } .panel { width: 100%; height: auto; } .panels + .wide { margin-top: 1.25rem; } figcaption { font-size: .9rem; margin-top: .25rem; }
.frame { fill: none; stroke: var(--line); } .chart { width: 100%; max-width: 48rem; min-width: 30rem; height: auto; } text { font-size: 12px; fill: var(--soft); } svg.dots text { font-size: 11px; } .grid { stroke: var(--line); fill: none; } .real-bar { fill: var(--s0); fill-opacity: .45; }
.marks { fill: none; stroke-width: 1.2; stroke-linejoin: round; } .dots .marks, .key .marks { stroke-width: 1.8; } .line { fill: none; stroke-width: 2; }
.marks.series-0 { stroke-width: 3.2; stroke-linecap: round; stroke-opacity: .55; } .key .marks.series-0 { stroke-width: 8; stroke-opacity: 1; }
.line.series-0 { stroke-width: 4; stroke-opacity: .7; } .series-0 { stroke: var(--s0); } .series-1 { stroke: var(--s1); } .series-2 { stroke: var(--s2); } .series-3 { stroke: var(--s3); } .series-4 { stroke: var(--s4); }
.key { display: inline-block; width: 1em; height: 1em; vertical-align: -.12em; margin-right: .35em; } .key.wide-key { width: 2em; } .legend { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; list-style: none; padding: 0; margin: .5rem 0 .75rem; font-size: .9rem; }
.weights th { max-width: 40rem; } dl.answers { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 13rem), 1fr)); gap: .6rem 1.25rem; margin: 0; font-size: .85rem; line-height: 1.4; border-top: 1px solid var(--line); padding-top: .5rem; }
dl.answers div { break-inside: avoid; } dt { color: var(--soft); font-size: .75rem; } dd { margin: 0; overflow-wrap: anywhere; } .real dd { font-weight: 600; } .real dt { color: var(--floor); }
details { border-top: 1px solid var(--line); padding: .35rem 0; } summary { cursor: pointer; font-weight: 600; } summary .soft { font-weight: 400; } summary:focus-visible, .wide:focus-visible { outline: 2px solid var(--bar); outline-offset: 2px; } .cautions { font-size: .9rem; }
code { font-size: .9em; overflow-wrap: anywhere; }
table.main th:first-child, table.main td:first-child, table.groups th:first-child { position: sticky; left: 0; background: var(--ground); z-index: 1; }
@media (max-width: 40rem) { table.main th[scope=row] { white-space: normal; } main { padding: 1rem 1rem 3rem; } td.bar svg { width: 7rem; } h2 { margin-top: 2rem; } .weights th { min-width: 14rem; } }
@media print { :root { color-scheme: light; font-size: 11px; } main { max-width: none; padding: 0; } p, li { max-width: none; } details::details-content { content-visibility: visible; block-size: auto; opacity: 1; } summary { list-style: none; } .wide { overflow: visible; }
 table.main, table.groups { font-size: 7.5px; } table.main small, table.groups small { font-size: 6.5px; } table.main th, table.main td { padding: .2rem .15rem; } td.bar svg { width: 9rem; } tr, figure, table.card, svg { break-inside: avoid; } h2, h3, caption, summary { break-after: avoid; }
 .panels { grid-template-columns: repeat(3, 1fr); } .cards { grid-template-columns: repeat(2, 1fr); } .chart { min-width: 0; } }
`
