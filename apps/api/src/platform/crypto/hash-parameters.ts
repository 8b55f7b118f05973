/** The cost of an argon2id hash (RFC 9106). */
export interface HashParameters {
  memoryKib: number;
  passes: number;
}

/** Whether a hash is in the PHC form of argon2id and costs at least as much as `wanted`. */
export function isHashStrongEnough(hash: string, wanted: HashParameters): boolean {
  const [, memory, passes] = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=\d+\$/.exec(hash) ?? [];
  return Number(memory) >= wanted.memoryKib && Number(passes) >= wanted.passes;
}
