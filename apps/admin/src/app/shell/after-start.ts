// Not needed to show the first page, so it is loaded after it.
export { DoubleClicks } from './double-clicks';
export { PageFocus } from './page-focus';
