import { useState } from 'preact/hooks';
import { useLoad } from '../../load.ts';
import { TextField } from '../../ui/field.tsx';
import { Empty, Panel } from '../../ui/page.tsx';
import { Shown } from '../../ui/shown.tsx';
import { compareVersions, type ComparedLine, type ComparedText } from './compare.ts';

interface CompareVersionsProps {
  template: string;
  latest: number;
  before: number;
  after: number;
}

/** What two versions say differently, text by text. */
export function CompareVersions({ template, latest, before, after }: CompareVersionsProps) {
  const [from, setFrom] = useState(String(before));
  const [to, setTo] = useState(String(after));
  const numbers = [Number(from), Number(to)] as const;
  const areVersions = numbers.every((one) => Number.isInteger(one) && one >= 1 && one <= latest);
  const loaded = useLoad(
    async (api, signal) => {
      if (!areVersions) return undefined;
      const [old, now] = await Promise.all(
        numbers.map((number) => api.templateVersions.get(template, number, { signal })),
      );
      return old === undefined || now === undefined ? undefined : compareVersions(old, now);
    },
    [template, ...numbers],
  );
  return (
    <Panel title="What changed">
      <div class="stack">
        <div class="filters">
          <TextField label="From version" type="number" value={from} onValue={setFrom} />
          <TextField label="to version" type="number" value={to} onValue={setTo} />
        </div>
        {areVersions ? (
          <Shown of={loaded}>{(texts) => <Differences texts={texts ?? []} />}</Shown>
        ) : (
          <p class="muted">There are the versions 1 to {latest}.</p>
        )}
      </div>
    </Panel>
  );
}

function Differences({ texts }: { texts: readonly ComparedText[] }) {
  if (texts.length === 0) return <Empty title="They say the same" />;
  return (
    <>
      {texts.map(({ label, lines }) => (
        <section key={label} class="stack tight">
          <h3>{label}</h3>
          <table class="diff">
            <caption class="visually-hidden">{label}: lines that went and came</caption>
            <tbody>
              {lines.map((line, index) => (
                <DiffLine key={index} line={line} />
              ))}
            </tbody>
          </table>
        </section>
      ))}
    </>
  );
}

const signs = { same: ' ', added: '+', removed: '−', gap: '⋯' } as const;

function DiffLine({ line }: { line: ComparedLine }) {
  const { sort, parts, before, after } = line;
  const text = parts.map((part, index) => (part.changed ? <mark key={index}>{part.text}</mark> : part.text));
  return (
    <tr class={`diff-${sort}`}>
      <td class="diff-number">{before}</td>
      <td class="diff-number">{after}</td>
      <td class="diff-sign">{signs[sort]}</td>
      <td class="diff-text">
        {sort === 'added' ? <ins>{text}</ins> : sort === 'removed' ? <del>{text}</del> : text}
      </td>
    </tr>
  );
}
