// Six uploads, of which two run at a time.
import { connect } from 'chubby';
import { Semaphore } from 'chubby/recipes';

const client = connect();
const uploads = new Semaphore(client, '/ls/local/example-uploads', { permits: 2 });

let running = 0;
let most = 0;
const upload = () =>
  uploads.withPermit(async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 500));
    running--;
  });

await Promise.all(Array.from({ length: 6 }, upload));
console.log(`most at the same time: ${most}`);
await client.close();
