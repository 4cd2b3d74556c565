// Readers share, a writer is alone.
import { connect } from 'chubby';
import { ReadWriteLock } from 'chubby/recipes';

const client = connect();
const lock = new ReadWriteLock(client, '/ls/local/example-table');

let readers = 0;
const read = () =>
  lock.read(async () => {
    readers++;
    await new Promise((resolve) => setTimeout(resolve, 100));
    const together = readers;
    readers--;
    return together;
  });

console.log(`readers at the same time: ${Math.max(...(await Promise.all([read(), read(), read()])))}`);
console.log(`readers while one writes: ${await lock.write(() => readers)}`);
await client.close();
