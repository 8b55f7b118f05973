/** Returns a free port of the loopback interface, and never the same port twice. */
export function freePort(): Promise<number>;
