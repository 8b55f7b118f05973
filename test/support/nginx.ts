import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { RunningRecipe } from './running-recipe.js';

/** The program, if it is installed. */
const program = ['nginx', '/usr/sbin/nginx'].find((path) => spawnSync(path, ['-v']).status === 0);

/** What has to be installed first to run nginx; `null` = nothing. */
export const NGINX_NEEDS = program === undefined ? 'nginx: apt-get install nginx' : null;

const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

/** Runs nginx with what belongs into its `http` block, told the port to listen on. */
export function startNginx(blocks: (port: number) => string): Promise<RunningRecipe> {
  return RunningRecipe.start((folder, port) => ({
    program: program ?? '',
    arguments: ['-p', folder, '-e', 'stderr', '-c', 'nginx.conf'],
    files: {
      'nginx.conf': `
        daemon off; pid ${folder}/pid; worker_processes 1; error_log stderr;
        events {}
        http {
          access_log off;
          ${TEMPORARY.map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}
          ${blocks(port)}
        }`,
    },
  }));
}

/**
 * The configuration as it is delivered, before other replicas: two authorities, such as `127.0.0.1:3000`.
 *
 * @param text if something in it is to be another thing.
 */
export function deliveredNginx(
  [first, second]: readonly [string, string],
  text = readFileSync('deploy/nginx.conf', 'utf8'),
): (port: number) => string {
  const here = text.replaceAll('latchkey-a:3000', first).replaceAll('latchkey-b:3000', second);
  return (port) => here.replace('listen 8080', `listen 127.0.0.1:${port}`);
}
