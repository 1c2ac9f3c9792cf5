import type { Answer } from '@carillon/client';
import { kindName } from '../../kind-name.ts';

export type SimulatedRecipient = Answer<'createSimulation'>['recipients'][number];

/** One channel kind on the picture of a plan: where it waits, and where something happens. */
export interface Lane {
  kind: string;
  title: string;
  decision: SimulatedRecipient['kinds'][number]['decision'];
  /** From the decision until it is sent; undefined where nothing waits. */
  held: { from: number; to: number } | undefined;
  /** Instants at which something is placed or sent. */
  sent: number[];
}

/** A plan on an axis of time, in milliseconds since 1970. */
export interface Picture {
  from: number;
  to: number;
  lanes: Lane[];
}

const minute = 60_000;

/** What happens when, kind by kind; the steps of rules stand in the lanes of their kinds. */
export function pictureOf({ kinds, rules }: SimulatedRecipient, decidedAt: string): Picture {
  const from = Date.parse(decidedAt);
  const lanes = kinds
    .filter(({ decision }) => decision !== 'suppress')
    .map((one): Lane => {
      const until = one.until === null ? undefined : Date.parse(one.until);
      const ofRules = (rules?.steps ?? []).filter(
        (step) => step.deliveries > 0 && step.type === `notify_by_${one.kind}`,
      );
      const own = one.decision === 'rules' ? [] : [until ?? from];
      return {
        ...{ kind: one.kind, title: kindName(one.kind), decision: one.decision },
        held: until === undefined ? undefined : { from, to: until },
        sent: [...own, ...ofRules.map((step) => Date.parse(step.until ?? step.at))],
      };
    })
    .filter((lane) => lane.sent.length > 0);
  const last = Math.max(from, ...lanes.flatMap((lane) => lane.sent));
  return { from, to: last + Math.max((last - from) * 0.08, 10 * minute), lanes };
}

/** Steps between marks on the axis, in minutes: the first with which there are at most eight. */
const stepsMinutes = [5, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080];

/** Where the axis has marks: round times of the zone, whose wall is `offsetMs` ahead of UTC. */
export function marksOf({ from, to }: Picture, offsetMs: number): number[] {
  const step = (stepsMinutes.find((one) => (to - from) / (one * minute) <= 8) ?? 43_200) * minute;
  const first = Math.ceil((from + offsetMs) / step) * step - offsetMs;
  const marks: number[] = [];
  for (let mark = first; mark <= to; mark += step) marks.push(mark);
  return marks;
}
