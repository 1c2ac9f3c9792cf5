import type { ComponentChildren } from 'preact';
import type { Overview } from '@carillon/client';
import { hrefTo } from '../../router.ts';
import { Bars } from '../../ui/bars.tsx';
import type { Tone } from '../../ui/badge.tsx';
import { formatDuration, timeOfDay } from '../../ui/time.tsx';

/** Counts end there: what is shown is "at least". */
const countMax = 10_000;
const numbers = new Intl.NumberFormat('en');

/** A count as it is shown; the highest one stands for more. */
export function counted(count: number): string {
  return count >= countMax ? `${numbers.format(count)}+` : numbers.format(count);
}

/** The figures of the last hour and of this moment. */
export function Figures({ overview }: { overview: Overview }) {
  const { pieces, accepted, sent } = overview;
  const failed = pieces.reduce((sum, piece) => sum + piece.failed, 0);
  const [first] = pieces;
  // Of very many deliveries only the newest are counted: then they say since when.
  const isPart =
    first !== undefined && Date.parse(overview.deliveries_complete_since) > Date.parse(first.at) + 1000;
  const since = isPart ? `since ${timeOfDay(overview.deliveries_complete_since)}` : 'in the last hour';
  return (
    <div class="figures">
      <Figure title="Accepted" value={numbers.format(accepted)} below="in the last hour" wide>
        <Bars
          label={`Notifications accepted in the last hour: ${accepted}`}
          bars={pieces.map((piece) => ({
            title: `${timeOfDay(piece.at)}: ${piece.accepted} accepted`,
            parts: [{ value: piece.accepted, tone: 'busy' }],
          }))}
          {...{ from: '1 h ago', to: 'now' }}
        />
      </Figure>
      <Figure
        title="Delivered"
        value={counted(sent)}
        below={failed === 0 ? since : `${since}; ${numbers.format(failed)} failed`}
        wide
      >
        <Bars
          label={`Deliveries in the last hour: ${sent} sent, ${failed} failed`}
          bars={pieces.map((piece) => ({
            title: `${timeOfDay(piece.at)}: ${piece.sent} sent, ${piece.failed} failed`,
            parts: [
              { value: piece.failed, tone: 'bad' },
              { value: piece.sent, tone: 'good' },
            ],
          }))}
          {...{ from: '1 h ago', to: 'now' }}
        />
      </Figure>
      <Now overview={overview} />
    </div>
  );
}

function Now({ overview }: { overview: Overview }) {
  const {
    due,
    undispatched,
    held,
    oldest_due_seconds: late,
    dead_letters: dead,
    workers_alive: alive,
  } = overview;
  const lately = overview.dead_letters_lately;
  return (
    <>
      <Figure
        title="Due now"
        value={counted(due + undispatched)}
        below={held === 0 ? 'nothing waits for its time' : `${counted(held)} wait for their time`}
        href={hrefTo('/deliveries', { state: 'pending' })}
      />
      <Figure
        title="Oldest due"
        value={late === 0 ? 'none' : formatDuration(late * 1000)}
        below={late > 60 ? 'later than it should be' : 'nobody waits long'}
        tone={late > 60 ? 'bad' : 'quiet'}
      />
      <Figure
        title="Dead letters"
        value={counted(dead)}
        below={lately === 0 ? 'none in the last hour' : `${counted(lately)} in the last hour`}
        tone={lately > 0 ? 'bad' : 'quiet'}
        href={hrefTo('/dead-letters')}
      />
      <Figure
        title="Workers alive"
        value={alive === null ? 'unknown' : String(alive)}
        below={alive === null ? 'Redis does not answer' : 'of all organizations'}
        tone={alive === 0 ? 'bad' : 'quiet'}
      />
    </>
  );
}

interface FigureProps {
  title: string;
  value: string;
  below: string;
  tone?: Tone;
  href?: string;
  wide?: boolean;
  children?: ComponentChildren;
}

function Figure({ title, value, below, tone = 'quiet', href, wide = false, children }: FigureProps) {
  return (
    <section class={wide ? 'panel figure wide' : 'panel figure'}>
      <h2>{href === undefined ? title : <a href={href}>{title}</a>}</h2>
      <p class={`figure-value ${tone}`}>{value}</p>
      <p class="small muted">{below}</p>
      {children}
    </section>
  );
}
