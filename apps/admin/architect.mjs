// Runs a target of the console in angular.json:
// node apps/admin/architect.mjs serve --port 4300
//
// Does this part of the work of `ng`, which needs 150 packages more for generators, updates and prompts.
import { parseArgs } from 'node:util';
import { Architect } from '@angular-devkit/architect';
import { WorkspaceNodeModulesArchitectHost } from '@angular-devkit/architect/node/index.js';
import { json, workspaces } from '@angular-devkit/core';
import { createConsoleLogger, NodeJsSyncHost } from '@angular-devkit/core/node/index.js';

const {
  positionals: [target],
  values: { port, host },
} = parseArgs({ allowPositionals: true, options: { port: { type: 'string' }, host: { type: 'string' } } });
const options = { ...(port && { port: Number(port) }), ...(host && { host }) };

const registry = new json.schema.CoreSchemaRegistry();
// As `ng` does for these builders.
registry.addPostTransform(json.schema.transforms.addUndefinedObjectDefaults);
const { workspace } = await workspaces.readWorkspace(
  process.cwd(),
  workspaces.createWorkspaceHost(new NodeJsSyncHost()),
);
const architect = new Architect(new WorkspaceNodeModulesArchitectHost(workspace, process.cwd()), registry);
const run = await architect.scheduleTarget({ project: 'admin', target }, options, {
  logger: createConsoleLogger(),
});
const { success, error } = await run.lastOutput;
if (error) {
  console.error(error);
}
await run.stop();
process.exitCode = success ? 0 : 1;
