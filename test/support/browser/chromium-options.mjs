/**
 * Returns the options to launch Chromium: the one in CHROME_PATH, or else the one in the development
 * dependencies, which needs no system libraries.
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
  // The package reads this when it is imported, and then unpacks its libraries.
  process.env.AWS_LAMBDA_JS_RUNTIME = 'nodejs22.x';
  const { default: chromium } = await import('@sparticuz/chromium');
  // Its arguments suit a function that serves one page. In a single process, closing a tab would end the
  // browser.
  const others = chromium.args.filter((argument) => !['--single-process', '--no-zygote'].includes(argument));
  return { executablePath: await chromium.executablePath(), args: [...others, ...args] };
}
