/**
 * Returns a free port of the loopback interface. Until the caller listens on it, neither the system nor this
 * function in another worker gives it to others.
 */
export function freePort(): Promise<number>;
