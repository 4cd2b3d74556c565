// Two instances register, and one leaves; who is left can be looked up, or followed.
import { connect } from 'chubby';
import { ServiceDirectory } from 'chubby/recipes';

const client = connect();
const service = new ServiceDirectory(client, '/ls/local/example-search');
const show = (instances) => [...instances].map(([instance, value]) => `${instance} at ${value}`).join(', ');

const one = await service.register('one', '10.0.0.1:80');
await service.register('two', '10.0.0.2:80');
console.log(`registered: ${show(await service.list())}`);
await one.close();
for await (const { instances } of service.follow()) {
  console.log(`left: ${show(instances)}`);
  break; // it would go on telling of each change
}
await client.close(); // and with it the other instance goes
