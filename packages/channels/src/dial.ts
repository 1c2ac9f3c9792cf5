import { lookup } from 'node:dns/promises';
import { connect, isIP, type LookupFunction, type Socket, type TcpNetConnectOpts } from 'node:net';
import { isAllowedAddress, isPublicAddress, type EgressAllowance } from './egress-policy.ts';
import type { Destination } from './outgoing-url.ts';

/** All addresses of a name, or a rejection. */
export type Resolve = (name: string) => Promise<readonly string[]>;
export type OpenSocket = (options: TcpNetConnectOpts) => Socket;

export interface DialDeps {
  allowance: EgressAllowance;
  /** The system's resolver when absent. */
  resolve?: Resolve | undefined;
  /** `net.connect` when absent. */
  openSocket?: OpenSocket | undefined;
}

/**
 * The only way to open a connection to an address that a customer named. The name is resolved here
 * once, every address must be acceptable, exactly those addresses are connected to, and the address
 * that the socket reached is judged again: a resolver that changes its answers gains nothing.
 * Rejects when anything is refused, fails or takes longer than `timeoutMs`.
 */
export async function dial(deps: DialDeps, destination: Destination, timeoutMs: number): Promise<Socket> {
  const addresses = await acceptableAddresses(deps, destination);
  const openSocket = deps.openSocket ?? connect;
  const socket = openSocket({
    host: destination.host,
    port: destination.port,
    lookup: answerWith(addresses),
    noDelay: true,
  });
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    socket.setTimeout(timeoutMs, () => fail(new DialError('timeout')));
    socket.once('error', fail);
    socket.once('connect', () => {
      const reached = socket.remoteAddress;
      if (reached === undefined || !isAcceptable(deps.allowance, destination, reached)) {
        return fail(new DialError('address_refused'));
      }
      socket.removeListener('error', fail);
      socket.removeAllListeners('timeout');
      socket.setTimeout(0);
      resolve(socket);
    });
  });
}

/** Why nothing was dialled; for logs, never for customers, to whom all failures look the same. */
export class DialError extends Error {
  readonly code: 'address_refused' | 'no_address' | 'timeout' | 'target_refused';

  constructor(code: DialError['code']) {
    super(code);
    this.name = 'DialError';
    this.code = code;
  }
}

async function acceptableAddresses(deps: DialDeps, destination: Destination): Promise<readonly string[]> {
  const resolve = deps.resolve ?? resolveWithSystem;
  const addresses = isIP(destination.host) === 0 ? await resolve(destination.host) : [destination.host];
  if (addresses.length === 0) throw new DialError('no_address');
  // One bad address refuses all: a mixed answer is an attack or a mistake, never a need.
  if (!addresses.every((address) => isAcceptable(deps.allowance, destination, address))) {
    throw new DialError('address_refused');
  }
  return addresses;
}

function isAcceptable(allowance: EgressAllowance, destination: Destination, address: string): boolean {
  if (destination.opened || isAllowedAddress(allowance, address)) return true;
  return !destination.onlyOpened && isPublicAddress(address);
}

async function resolveWithSystem(name: string): Promise<readonly string[]> {
  const found = await lookup(name, { all: true });
  return found.map(({ address }) => address);
}

function answerWith(addresses: readonly string[]): LookupFunction {
  const found = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_name, options, callback) => {
    const [first] = found;
    if (options.all === true || first === undefined) callback(null, found);
    else callback(null, first.address, first.family);
  };
}
