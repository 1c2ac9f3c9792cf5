/** What was started, ended in the opposite order. */
export class CleanUp {
  /** @type {(() => Promise<unknown>)[]} */
  #ends = [];
  /** @type {(() => void)[]} */
  #tellings = [];

  /** @param {() => Promise<unknown>} end */
  defer(end) {
    this.#ends.push(end);
  }

  /** @param {() => void} telling shows what may explain a failure, before everything is gone */
  onFailure(telling) {
    this.#tellings.push(telling);
  }

  tellFailure() {
    for (const tell of this.#tellings) tell();
  }

  async run() {
    for (let end = this.#ends.pop(); end !== undefined; end = this.#ends.pop()) await end();
  }
}
