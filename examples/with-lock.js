// Two workers, one at a time: each runs under the lock, which is given back whatever becomes of the work.
import { connect } from 'chubby';

const client = connect();

const work = (name) =>
  client.withLock('/ls/local/example-job', async ({ signal, sequencer }) => {
    // Send the sequencer along to whatever the lock protects, and stop when the signal fires.
    console.log(`${name} works, to be stopped: ${signal.aborted}, sequencer of ${sequencer.length} bytes`);
    return `${name} done`;
  });

console.log((await Promise.all([work('first'), work('second')])).join(', '));
await client.close();
