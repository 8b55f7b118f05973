import { statSync } from 'node:fs';

/** Describes why this account cannot read a file, and what to do. Begins with the path. */
export function describeReadError(path: string, error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return `${path} does not exist. Check the path`;
    case 'EISDIR':
      return `${path} is a folder, not a file`;
    case 'EACCES':
    case 'EPERM':
      return describeDenial(path);
    default:
      return `${path} cannot be read (${code})`;
  }
}

function describeDenial(path: string): string {
  const owner = ownerOf(path);
  return owner === undefined || owner === process.getuid?.()
    ? `${path} may not be read by this account. Change the mode of the file, or of its folder`
    : `${path} belongs to the account with uid ${owner}, and this account may not read it. Use the account of the server, and make it the owner of the file`;
}

function ownerOf(path: string): number | undefined {
  try {
    return statSync(path).uid;
  } catch {
    // This account may not search the folder either.
    return undefined;
  }
}
