import { parentPort } from 'node:worker_threads';
import { compileMailLayout } from '@carillon/core/mail-layouts';

// The entry of the thread that compiles layouts for mails, one at a time.
parentPort?.on('message', (source: string) => {
  void compileMailLayout(source).then((made) => parentPort?.postMessage(made));
});
