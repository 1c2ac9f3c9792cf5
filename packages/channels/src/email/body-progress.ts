import { Readable } from 'node:stream';

type ProcessStream = (input: Readable) => Readable;

/**
 * Knows whether a mail's last byte was handed to the server. Before that moment the server cannot
 * have accepted the mail; after it, a lost connection says nothing about what became of it.
 */
export class BodyProgress {
  handedOver = false;

  /** Wraps the message's bytes. Nodemailer reads them only after the server answered 354 to DATA. */
  readonly follow: ProcessStream = (input) => Readable.from(this.#passOn(input), { objectMode: false });

  async *#passOn(input: Readable): AsyncGenerator<Buffer> {
    for await (const chunk of input) yield Buffer.from(chunk);
    this.handedOver = true;
  }
}
