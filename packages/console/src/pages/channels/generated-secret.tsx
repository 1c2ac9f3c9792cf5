import type { Answer } from '@carillon/client';
import { Copyable } from '../../ui/copyable.tsx';

/** A channel at the moment of a write, which alone tells a secret that Carillon made. */
export type ChannelAtWrite = Answer<'createChannel'>;

/** A secret that Carillon made for a channel, at the one moment when it is told. */
export function GeneratedSecret({ of: channel }: { of: ChannelAtWrite }) {
  const secret = channel.generated?.secret;
  if (secret === undefined) return null;
  return (
    <div class="note good" role="status">
      <strong>Keep this signing secret now: it is shown only here</strong>
      <span>The receiver of this webhook checks signatures with it.</span>
      <Copyable text={secret} />
    </div>
  );
}
