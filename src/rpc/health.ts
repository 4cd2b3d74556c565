import { status } from '@grpc/grpc-js';
import type { handleUnaryCall, Server, ServerWritableStream } from '@grpc/grpc-js';
import { service } from 'grpc-health-check';

/** The name under which a load balancer finds the master: SERVING there alone. (DESIGN 6) */
export const MASTER_SERVICE = 'chubby.v1.master';
const WHOLE_SERVER = '';

type Serving = 'SERVING' | 'NOT_SERVING';
type Watcher = ServerWritableStream<HealthCheckRequest, HealthCheckResponse>;

interface HealthCheckRequest {
  readonly service: string;
}

interface HealthCheckResponse {
  readonly status: Serving | 'SERVICE_UNKNOWN';
}

/**
 * grpc.health.v1.Health. The package of that name gives the definition; its own implementation remembers every name
 * that anybody ever asked for, and writes to watchers that do not read.
 */
export class Health {
  readonly #serving = new Map<string, Serving>([
    [WHOLE_SERVER, 'SERVING'],
    [MASTER_SERVICE, 'NOT_SERVING'],
  ]);
  readonly #watchers = new Map<string, Set<Watcher>>();

  addTo(server: Server): void {
    server.addService(service, { check: this.#check, watch: this.#watch, list: this.#list });
  }

  /** Says whether this replica is the master; watchers hear of a change. */
  setMaster(isMaster: boolean): void {
    const serving = isMaster ? 'SERVING' : 'NOT_SERVING';
    if (this.#serving.get(MASTER_SERVICE) === serving) return;
    this.#serving.set(MASTER_SERVICE, serving);
    for (const watcher of this.#watchers.get(MASTER_SERVICE) ?? []) this.#tell(watcher, serving);
  }

  readonly #check: handleUnaryCall<HealthCheckRequest, HealthCheckResponse> = (call, callback) => {
    const serving = this.#serving.get(call.request.service);
    if (serving !== undefined) callback(null, { status: serving });
    else callback({ code: status.NOT_FOUND, details: 'no service of this name' });
  };

  readonly #list: handleUnaryCall<object, { statuses: Record<string, HealthCheckResponse> }> = (_call, callback) => {
    callback(null, {
      statuses: Object.fromEntries([...this.#serving].map(([name, serving]) => [name, { status: serving }])),
    });
  };

  readonly #watch = (call: Watcher): void => {
    const name = call.request.service;
    const serving = this.#serving.get(name);
    call.write({ status: serving ?? 'SERVICE_UNKNOWN' });
    // The protocol keeps the stream open for a service that may come; ours are all there from the start.
    if (serving === undefined) return;
    const watchers = this.#watchers.get(name) ?? new Set();
    this.#watchers.set(name, watchers.add(call));
    call.on('close', () => watchers.delete(call));
  };

  #tell(watcher: Watcher, serving: Serving): void {
    // Each write not yet read is a change that the watcher slept through: one is enough to tell.
    if (watcher.writableLength > 0)
      watcher.emit('error', { code: status.RESOURCE_EXHAUSTED, details: 'not read in time' });
    else watcher.write({ status: serving });
  }
}
