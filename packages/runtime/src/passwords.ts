import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { UnavailableError } from '@carillon/core';

/** Hashes passwords and judges them, a few at a time. */
export interface Passwords {
  /** What is stored of a password: `$scrypt$ln=15,r=8,p=3$<salt>$<hash>`, with the costs it was made with. */
  hash(password: string): Promise<string>;
  /**
   * Whether the password is the one that was stored. Without a stored one it answers false after the same
   * work, so that a stopwatch does not tell who has a password.
   * Throws TypeError for a stored text that `hash` did not make.
   */
  verify(password: string, stored: string | undefined): Promise<boolean>;
  /** Whether a password was stored at lower costs than those of today. */
  isOutdated(stored: string): boolean;
}

/** What one hash costs: 2^ln × r × 128 bytes of memory, walked through p times. */
export interface PasswordCosts {
  ln: number;
  r: number;
  p: number;
}

/**
 * One of the settings of scrypt that OWASP's Password Storage Cheat Sheet names as equal in strength. Of these it
 * takes 32 MiB instead of 128, because an attacker can ask for several at once.
 */
const costsOfToday: PasswordCosts = { ln: 15, r: 8, p: 3 };
const saltBytes = 16;
const hashBytes = 32;
/** Half of the threads that Node keeps for this, files and look-ups of names together. */
const atOnceMax = 2;
/** About five seconds of work; who comes later is told to come again. */
const waitingMax = 32;
const retryAfterMs = 2_000;

/** `hash` and `verify` throw UnavailableError when too many wait already. */
export function createPasswords(given: Partial<PasswordCosts> = {}): Passwords {
  const costs = { ...costsOfToday, ...given };
  const inTurn = createTurns();
  const derive = (password: string, salt: Buffer, by: PasswordCosts) =>
    inTurn(() => deriveKey(password, salt, by));
  return {
    async hash(password) {
      const salt = randomBytes(saltBytes);
      return write(costs, salt, await derive(password, salt, costs));
    },
    async verify(password, stored) {
      if (stored === undefined) {
        await derive(password, randomBytes(saltBytes), costs);
        return false;
      }
      const known = read(stored);
      return timingSafeEqual(await derive(password, known.salt, known.costs), known.hash);
    },
    isOutdated(stored) {
      const { ln, r, p } = read(stored).costs;
      return ln < costs.ln || r < costs.r || p < costs.p;
    },
  };
}

function deriveKey(password: string, salt: Buffer, { ln, r, p }: PasswordCosts): Promise<Buffer> {
  const N = 2 ** ln;
  // The same characters may be typed in several ways (NIST SP 800-63B, section 5.1.1.2).
  const typed = password.normalize('NFKC');
  return new Promise((resolve, reject) => {
    scrypt(typed, salt, hashBytes, { N, r, p, maxmem: 256 * N * r }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}

/** The form of the Password Hashing Competition, which other tools read too. */
const form = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/;

function write({ ln, r, p }: PasswordCosts, salt: Buffer, hash: Buffer): string {
  const [first, second] = [salt, hash].map((bytes) => bytes.toString('base64').replaceAll('=', ''));
  return `$scrypt$ln=${ln},r=${r},p=${p}$${first}$${second}`;
}

function read(stored: string): { costs: PasswordCosts; salt: Buffer; hash: Buffer } {
  const match = form.exec(stored);
  if (match === null) throw new TypeError('The stored password is not in the form of a hash');
  const [, ln, r, p, salt = '', hash = ''] = match;
  return {
    costs: { ln: Number(ln), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  };
}

/** Lets `atOnceMax` works run at once and the others wait in the order they came. */
function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running < atOnceMax) running += 1;
    else if (waiting.length < waitingMax) await new Promise<void>((resolve) => waiting.push(resolve));
    else {
      throw new UnavailableError('service.overloaded', 'Too many passwords are being checked; try again', {
        retryAfterMs,
      });
    }
    try {
      return await work();
    } finally {
      // The place passes to the next one without ever being free, so that nobody overtakes.
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
