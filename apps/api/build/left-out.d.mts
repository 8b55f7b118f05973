import { type Plugin } from 'esbuild';

export function leaveOut(entries?: readonly { files: RegExp; reason: string }[]): Plugin;
