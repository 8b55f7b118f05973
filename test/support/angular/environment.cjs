const { readFileSync } = require('node:fs');
const { Script } = require('node:vm');
const { default: JsdomEnvironment } = require('jest-preset-angular/environments/jest-jsdom-env');
const { replaceLargeWorker } = require('../packages/environment.cjs');

/** The prepared script, compiled once per process. */
let script;

/** jsdom with the prepared Angular packages. */
module.exports = class AngularEnvironment extends JsdomEnvironment {
  constructor(config, context) {
    replaceLargeWorker();
    super(config, context);
    this.global.runAngular = (filename) => {
      // The script has no source map.
      script ??= new Script(`(module => {${readFileSync(filename, 'utf8')}\n})`, {
        filename: `${filename}#`,
      });
      const module = { exports: {} };
      script.runInContext(this.getVmContext())(module);
      return module.exports;
    };
  }
};
