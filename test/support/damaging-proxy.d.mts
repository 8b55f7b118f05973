type Damage = 'drop' | 'repeat' | 'swap' | 'alter';

/** HTTP proxy that damages single events of revocation feeds. It leaves all other responses alone. */
export declare class DamagingProxy {
  static open(target: string): Promise<DamagingProxy>;
  readonly url: string;
  readonly damaged: Readonly<Record<Damage, number>>;
  readonly feeds: number;
  choose: (event: string) => Damage | undefined;
  close(): void;
}
