// Two candidates, of which one leads until it resigns; anybody can see who.
import { connect } from 'chubby';
import { LeaderElection } from 'chubby/recipes';

const client = connect();
const election = new LeaderElection(client, '/ls/local/example-primary');

/** Who leads now, of all that observe tells as time goes on. */
const leaderNow = async () => {
  for await (const { leader } of election.observe()) return leader?.value.toString() ?? 'nobody';
};

const campaign = (candidate) =>
  election.campaign(candidate, async (leadership) => {
    console.log(`${candidate} leads, as everybody sees: ${await leaderNow()}`);
    leadership.resign();
    return `${candidate} resigned: ${leadership.signal.aborted}`;
  });

console.log((await Promise.all([campaign('first'), campaign('second')])).join(', '));
console.log(`in the end leads: ${await leaderNow()}`);
await client.close();
