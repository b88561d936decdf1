import { type ReactNode, useEffect, useId, useState } from 'react'

/** A whole number within bounds. What is typed on the way there may be outside them; it counts when it is inside. */
export function NumberField({
  label,
  value,
  minimum,
  maximum,
  disabled = false,
  onChange,
}: {
  readonly label: string
  readonly value: number
  readonly minimum: number
  readonly maximum: number
  readonly disabled?: boolean
  readonly onChange: (value: number) => void
}): ReactNode {
  const id = useId()
  const [text, setText] = useState(String(value))
  useEffect(() => setText(String(value)), [value])
  return (
    <label htmlFor={id} className="number-field">
      {label}
      <input
        id={id}
        type="number"
        required
        step={1}
        min={minimum}
        max={maximum}
        disabled={disabled}
        value={text}
        onChange={({ target }) => {
          setText(target.value)
          const typed = target.valueAsNumber
          if (Number.isInteger(typed) && typed >= minimum && typed <= maximum) onChange(typed)
        }}
        onBlur={() => setText(String(value))}
      />
    </label>
  )
}
