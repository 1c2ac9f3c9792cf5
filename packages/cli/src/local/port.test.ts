import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, type AddressInfo } from 'node:net';
import { requireFreePort } from './port.ts';

describe('the port that a person asks for', () => {
  const server = createServer();
  let taken: number;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    taken = (server.address() as AddressInfo).port;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it('is refused by the name of its setting while another program has it', async () => {
    await expect(requireFreePort('PORT', '127.0.0.1', taken)).rejects.toThrow(
      `PORT=${taken}: port ${taken} on 127.0.0.1 is taken by another program`,
    );
  });

  it('is any free one for 0', async () => {
    const port = await requireFreePort('PORT', '127.0.0.1', 0);
    expect(await requireFreePort('PORT', '127.0.0.1', port)).toBe(port);
  });

  it('is refused on an address that this machine does not have', async () => {
    await expect(requireFreePort('PORT', '192.0.2.1', 8080)).rejects.toThrow(
      '192.0.2.1 is no address of this machine',
    );
  });
});
