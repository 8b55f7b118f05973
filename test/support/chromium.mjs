/**
 * How to launch Chromium: the one that CHROME_PATH names, or else the one that comes with the development
 * dependencies, which needs nothing of the machine.
 * @returns {Promise<{ executablePath: string, args: string[] }>}
 */
export async function chromiumLaunchOptions() {
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-sync',
    '--no-first-run',
  ];
  if (process.env.CHROME_PATH) {
    return { executablePath: process.env.CHROME_PATH, args };
  }
  // Tells the package to unpack the libraries it brings along; read when it is imported.
  process.env.AWS_LAMBDA_JS_RUNTIME = 'nodejs22.x';
  const { default: chromium } = await import('@sparticuz/chromium');
  // Its arguments fit a function that serves one page: in a single process, closing a tab would end the browser.
  const others = chromium.args.filter((argument) => !['--single-process', '--no-zygote'].includes(argument));
  return { executablePath: await chromium.executablePath(), args: [...others, ...args] };
}
