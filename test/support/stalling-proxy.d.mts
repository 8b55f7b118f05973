/** TCP proxy that can delay, stop or close connections, like a stopped server or a broken network. */
export declare class StallingProxy {
  /** Opens a proxy of the server at a URL. */
  static open(target: string): Promise<StallingProxy>;
  /** URL of the server, with the port of the proxy. */
  readonly url: string;
  /** Leads new connections to another server and keeps the others, as after a change of an address in DNS. */
  switchTo(target: string): void;
  /** Stops all data, or that of one application. The proxy still accepts connections. */
  stall(name?: string): void;
  /** Delays all data in each direction. */
  slow(latencyMilliseconds: number): void;
  /** Delays the first data of new connections. */
  slowNew(openMilliseconds: number): void;
  /** Closes all connections, or those of one application, and rejects new ones. */
  cut(name?: string): void;
  /** Removes the stall and the delays. Data that was delayed follows. */
  resume(): void;
  close(): void;
}
