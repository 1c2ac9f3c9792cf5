/** How far ahead a turn is promised: whoever waits so long for it keeps what it is for at hand. */
export const turnHorizonMs = 3_000;

/** When one message may go out. */
export interface Turn {
  /** False: there is no turn within the horizon; it is asked for once more after the time. */
  isGranted: boolean;
  inMs: number;
}

/** What is known of one limit; microseconds of the clock that is given with each request, whole numbers. */
export interface TurnState {
  /** When the bucket would be full again. */
  fullAt: number;
  /** Until when those that were put off have been told to come back. */
  bookedUntil: number;
}

/** How many messages want to go out now under one limit. */
export interface TurnWish {
  /** Microseconds between two messages. */
  spacing: number;
  burst: number;
  /** Messages that were put off before: they come first. */
  again: number;
  fresh: number;
}

/**
 * Gives turns from a token bucket (the generic cell rate algorithm, as ITU-T I.371 annex A has it): the first of a
 * burst at once, then one each `spacing`. What finds no turn within the horizon is put off to a time of its own, so
 * that a backlog comes back at the rate instead of all at once, and nothing new overtakes it.
 */
export function takeTurns(state: TurnState | undefined, wish: TurnWish, now: number): [TurnState, Turn[]] {
  const horizon = turnHorizonMs * 1_000;
  let fullAt = Math.max(state?.fullAt ?? 0, now);
  let bookedUntil = state?.bookedUntil ?? 0;
  const turns: Turn[] = [];
  for (let nth = 1; nth <= wish.again + wish.fresh; nth += 1) {
    const wait = Math.max(0, fullAt - (wish.burst - 1) * wish.spacing - now);
    const isInLine = nth <= wish.again || bookedUntil <= now + horizon;
    const isGranted = isInLine && wait <= horizon;
    if (isGranted) fullAt += wish.spacing;
    else bookedUntil = Math.max(bookedUntil, now + horizon) + wish.spacing;
    turns.push({ isGranted, inMs: Math.ceil((isGranted ? wait : bookedUntil - now) / 1_000) });
  }
  return [{ fullAt, bookedUntil }, turns];
}

/**
 * The same for Redis: of each key the bucket, then the wish; answers the waits, in milliseconds, negative for those
 * that were put off.
 */
export const takeTurnsScript = `
local now, horizon = tonumber(ARGV[1]), tonumber(ARGV[2])
local answer = {}
for k = 1, #KEYS do
  local at = 2 + (k - 1) * 4
  local spacing, burst = tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
  local again, fresh = tonumber(ARGV[at + 3]), tonumber(ARGV[at + 4])
  local stored = redis.call('HMGET', KEYS[k], 'full', 'booked')
  local full, booked = math.max(tonumber(stored[1]) or 0, now), tonumber(stored[2]) or 0
  local turns = {}
  for nth = 1, again + fresh do
    local wait = math.max(0, full - (burst - 1) * spacing - now)
    if (nth <= again or booked <= now + horizon) and wait <= horizon then
      turns[nth] = math.ceil(wait / 1000)
      full = full + spacing
    else
      booked = math.max(booked, now + horizon) + spacing
      turns[nth] = -math.ceil((booked - now) / 1000)
    end
  end
  redis.call('HSET', KEYS[k], 'full', string.format('%.0f', full), 'booked', string.format('%.0f', booked))
  redis.call('PEXPIRE', KEYS[k], math.ceil((math.max(full, booked) - now) / 1000) + 60000)
  answer[k] = turns
end
return answer`;
