import { spawnSync } from 'node:child_process';
import { RunningRecipe } from './running-recipe.js';

/** What has to be installed first to run Caddy; `null` = nothing. */
export const CADDY_NEEDS =
  spawnSync('caddy', ['version']).status === 0 ? null : 'Caddy: apt-get install caddy';

/** Runs Caddy with the sites of a Caddyfile, told the port to listen on. */
export function startCaddy(sites: (port: number) => string): Promise<RunningRecipe> {
  return RunningRecipe.start((folder, port) => ({
    program: 'caddy',
    arguments: ['run', '--config', 'Caddyfile', '--adapter', 'caddyfile'],
    // It would take the ports of its administration and keep files at home.
    files: { Caddyfile: `{\n\tadmin off\n}\n${sites(port)}` },
    environment: { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
  }));
}
