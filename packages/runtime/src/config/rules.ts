import type { ConfigProblem } from './config-error.ts';
import { describeSettings } from './describe.ts';
import type { Settings } from './settings.ts';

/** A delivery must be given up this long before its lease ends, or another worker may send it too. */
const leaseMarginMs = 2000;

/** Judges several settings at once; left out when one of those it reads is wrong already. */
interface Rule {
  reads: readonly (keyof Settings)[];
  check: (settings: Settings) => ConfigProblem[];
}

const rules: readonly Rule[] = [
  {
    reads: [
      ...(['CARILLON_JWT_SECRET', 'CARILLON_JWT_JWKS_URL', 'CARILLON_JWT_ISSUER'] as const),
      ...(['CARILLON_JWT_AUDIENCE', 'CARILLON_JWT_ORGANIZATION_CLAIM'] as const),
    ],
    check: jwtProblems,
  },
  { reads: ['CARILLON_DELIVERY', 'CARILLON_DELIVERY_ALLOW'], check: deliveryProblems },
  { reads: ['CARILLON_LEASE_MS', 'CARILLON_DISPATCH_TIMEOUT_MS'], check: leaseProblems },
];

/**
 * What is wrong about settings that are each right alone.
 * @param wrong names of settings known to be wrong, which stand in `settings` with their defaults.
 */
export function checkTogether(
  settings: Settings,
  production: boolean,
  wrong: ReadonlySet<string>,
): ConfigProblem[] {
  const applicable = rules.filter(({ reads }) => !reads.some((name) => wrong.has(name)));
  const missing = production ? productionProblems(settings) : [];
  return [
    ...missing.filter(({ setting }) => !wrong.has(setting)),
    ...applicable.flatMap(({ check }) => check(settings)),
  ];
}

function productionProblems(settings: Settings): ConfigProblem[] {
  const problems = describeSettings()
    .filter(
      ({ name, requiredInProduction }) => requiredInProduction && Reflect.get(settings, name) === undefined,
    )
    .map(({ name, expects }) => ({
      setting: name,
      problem: `is missing, and NODE_ENV=production does not guess it; expected ${expects}`,
    }));
  if (settings.CARILLON_ALLOWED_ORIGINS?.includes('*')) {
    problems.push({
      setting: 'CARILLON_ALLOWED_ORIGINS',
      problem: '* lets any web page in and is refused in production; name the origins',
    });
  }
  if (settings.CARILLON_JWT_JWKS_URL?.startsWith('http:')) {
    problems.push({
      setting: 'CARILLON_JWT_JWKS_URL',
      problem: 'keys fetched over http can be replaced on the way; production expects https',
    });
  }
  return problems;
}

function jwtProblems(settings: Settings): ConfigProblem[] {
  const { CARILLON_JWT_SECRET: secret, CARILLON_JWT_JWKS_URL: keysUrl } = settings;
  const tied = ['CARILLON_JWT_ISSUER', 'CARILLON_JWT_AUDIENCE'] as const;
  if (secret !== undefined && keysUrl !== undefined) {
    const problem = 'is set beside CARILLON_JWT_SECRET; keep one of the two';
    return [{ setting: 'CARILLON_JWT_JWKS_URL', problem }];
  }
  if (secret === undefined && keysUrl === undefined) {
    const problem =
      'has no effect without CARILLON_JWT_SECRET or CARILLON_JWT_JWKS_URL; set one or remove it';
    const moot = [...tied, 'CARILLON_JWT_ORGANIZATION_CLAIM' as const];
    return moot.filter((name) => settings[name] !== undefined).map((setting) => ({ setting, problem }));
  }
  const problem = 'is missing; without it JWTs made for other services would be accepted';
  return tied.filter((name) => settings[name] === undefined).map((setting) => ({ setting, problem }));
}

function leaseProblems(settings: Settings): ConfigProblem[] {
  const { CARILLON_DISPATCH_TIMEOUT_MS: timeoutMs, CARILLON_LEASE_MS: leaseMs } = settings;
  if (timeoutMs < leaseMs - leaseMarginMs) return [];
  return [
    {
      setting: 'CARILLON_DISPATCH_TIMEOUT_MS',
      problem:
        `${timeoutMs} is not less than CARILLON_LEASE_MS (${leaseMs}) minus ${leaseMarginMs}: ` +
        'a message could be sent twice; lower it or raise the lease',
    },
  ];
}

function deliveryProblems({
  CARILLON_DELIVERY: mode,
  CARILLON_DELIVERY_ALLOW: allow,
}: Settings): ConfigProblem[] {
  if (mode !== 'allowlist' || allow.length > 0) return [];
  return [
    {
      setting: 'CARILLON_DELIVERY_ALLOW',
      problem: 'is missing: with CARILLON_DELIVERY=allowlist it names who gets messages; capture sends none',
    },
  ];
}
