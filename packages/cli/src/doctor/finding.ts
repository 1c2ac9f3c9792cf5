/** What one check of `carillon doctor` found. */
export interface Finding {
  /** What was looked at, for example `Redis`. */
  check: string;
  /** `skipped`: it could not be looked at from here, and nobody said that it should. */
  status: 'ok' | 'warning' | 'failed' | 'skipped';
  detail: string;
  /** What to do about it. */
  remedy?: string;
}

export function ok(check: string, detail: string): Finding {
  return { check, status: 'ok', detail };
}

export function warning(check: string, detail: string, remedy: string): Finding {
  return { check, status: 'warning', detail, remedy };
}

export function failed(check: string, detail: string, remedy: string): Finding {
  return { check, status: 'failed', detail, remedy };
}

export function skipped(check: string, detail: string): Finding {
  return { check, status: 'skipped', detail };
}

/** How all of it is. */
export function worstOf(findings: readonly Finding[]): 'ok' | 'warning' | 'failed' {
  if (findings.some(({ status }) => status === 'failed')) return 'failed';
  return findings.some(({ status }) => status === 'warning') ? 'warning' : 'ok';
}

/** Bytes for people, in the unit that fits. */
export function shownBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power] ?? ''}`;
}
