/** One of a few, as tiles: radio buttons underneath, so that arrow keys and screen readers know them. */

export function Choice({ name, label, options, chosen, onChoose, kind }: { name: string; label: string; options: [value: string, text: string][]; chosen: string | undefined; onChoose: (value: string) => void; kind: string }) {
  return (
    <div class={`choice ${kind}`} role="radiogroup" aria-label={label}>
      {options.map(([value, text]) => (
        <label key={value}>
          <input type="radio" name={name} value={value} checked={value === chosen} onChange={() => onChoose(value)} />
          <span>{text}</span>
        </label>
      ))}
    </div>
  );
}
