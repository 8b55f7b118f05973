/** Cost of an argon2id hash (RFC 9106). */
export interface HashParameters {
  memoryKib: number;
  passes: number;
}

/** Whether a hash is an argon2id PHC string with at least the cost `wanted`. */
export function isHashStrongEnough(hash: string, wanted: HashParameters): boolean {
  const [, memory, passes] = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=\d+\$/.exec(hash) ?? [];
  return Number(memory) >= wanted.memoryKib && Number(passes) >= wanted.passes;
}
