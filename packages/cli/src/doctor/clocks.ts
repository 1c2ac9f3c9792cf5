import { failed, ok, warning, type Finding } from './finding.ts';

/** A clock beside this machine's: what it showed when it was asked. */
export interface ClockReading {
  name: string;
  /** Milliseconds that it is ahead of this machine's. */
  aheadMs: number;
}

const check = 'Clocks';
const noticedMs = 2_000;
/** JWTs are taken with less than this of a difference. */
const harmfulMs = 30_000;

/** How far clocks are apart. The database decides what is due; ours and Redis' matter for tokens and limits. Pure. */
export function judgeClocks(readings: readonly ClockReading[]): Finding[] {
  if (readings.length === 0) return [];
  const found = readings.flatMap(({ name, aheadMs }): Finding[] => {
    const apartMs = Math.abs(aheadMs);
    if (apartMs < noticedMs) return [];
    const detail = `${name} is ${shown(apartMs)} ${aheadMs > 0 ? 'ahead of' : 'behind'} this machine`;
    const remedy = 'let both keep time by NTP (timedatectl set-ntp true)';
    return [apartMs < harmfulMs ? warning(check, detail, remedy) : failed(check, detail, remedy)];
  });
  if (found.length > 0) return found;
  return [ok(check, `${readings.map(({ name }) => name).join(', ')}: within 2 s of this machine`)];
}

/** What the time was in the middle of a question that took from `startedMs` to `endedMs`. */
export function readClock(name: string, shownTime: Date, startedMs: number, endedMs: number): ClockReading {
  return { name, aheadMs: shownTime.getTime() - (startedMs + endedMs) / 2 };
}

function shown(ms: number): string {
  if (ms < 120_000) return `${Math.round(ms / 1_000)} s`;
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`;
}
