import { connect } from 'node:net';

/** One command to a Redis without arguments that need quoting; the first line of its reply. Throws what Redis refuses. */
export async function redisCommand(url: string, ...words: string[]): Promise<string> {
  const { hostname, port, password } = new URL(url);
  const lines = [
    ...(password === '' ? [] : [`AUTH ${decodeURIComponent(password)}`]),
    words.join(' '),
    'QUIT',
  ];
  const reply = await new Promise<string>((resolve, reject) => {
    const socket = connect({ port: Number(port), host: hostname });
    let text = '';
    socket.setTimeout(10_000, () => socket.destroy(new Error('Redis does not answer')));
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    socket.on('error', reject);
    socket.on('end', () => resolve(text));
    socket.write(`${lines.join('\r\n')}\r\n`);
  });
  const answer = reply.split('\r\n')[password === '' ? 0 : 1] ?? '';
  if (answer.startsWith('-')) throw new Error(`Redis refused ${words[0]}: ${answer}`);
  return answer;
}
