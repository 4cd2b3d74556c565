import { Client } from '../client.js';
import { optionsOfEnvironment } from '../environment.js';
import { principalOf } from '../options.js';
import type { ClientOptions } from '../options.js';
import { GrpcChannel } from './grpc-channel.js';
import { MachineClock } from '../../machine/machine-clock.js';
import { SystemResolver } from './system-resolver.js';
import { MachineRng } from '../../machine/machine-rng.js';

/** One for all clients: each reads boot time from a file for itself. */
const MACHINE_CLOCK = new MachineClock();

/**
 * A client of the cell at `options.cell`, over gRPC; left out, that and `principal` are what CHUBBY_CELL and
 * CHUBBY_PRINCIPAL of the environment say, as for the command line. It connects with its first call; close it when it is
 * not needed any more, as it keeps the process alive.
 *
 * @throws ChubbyError BAD_ARGUMENT for a cell or a principal that cannot be one
 */
export function connect(options: ClientOptions = {}): Client {
  const { cell, principal: name } = optionsOfEnvironment(process.env);
  const principal = principalOf({ principal: options.principal ?? name });
  const ports = {
    clock: MACHINE_CLOCK,
    rng: new MachineRng(),
    resolver: new SystemResolver(),
    channelTo: (address: string) => new GrpcChannel(address, principal === undefined ? {} : { principal }),
  };
  return new Client(ports, { ...options, cell: options.cell ?? cell });
}
