import { Readable } from 'node:stream';

type ProcessStream = (input: Readable) => Readable;

/**
 * Knows whether a mail's last byte was handed to the server. Before that moment the server cannot
 * have accepted the mail; after it, a lost connection says nothing about what became of it.
 */
export class BodyProgress {
  handedOver = false;

  /** Wraps the message's bytes. Nodemailer reads them only after the server answered 354 to DATA. */
  readonly follow: ProcessStream = (input) =>
    new WholeBody(input, () => {
      this.handedOver = true;
    });
}

/** Passes a body on in one piece: it comes in a dozen, of which each would be a write to the socket. */
class WholeBody extends Readable {
  readonly #input: Readable;
  readonly #onEnd: () => void;
  #isReading = false;

  constructor(input: Readable, onEnd: () => void) {
    super();
    this.#input = input;
    this.#onEnd = onEnd;
  }

  override _read(): void {
    if (this.#isReading) return;
    this.#isReading = true;
    const chunks: Buffer[] = [];
    this.#input.on('data', (chunk: Buffer | string) => chunks.push(Buffer.from(chunk)));
    this.#input.on('error', (error) => this.destroy(error));
    this.#input.on('end', () => {
      this.push(Buffer.concat(chunks));
      this.#onEnd();
      this.push(null);
    });
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#input.destroy();
    done(error);
  }
}
