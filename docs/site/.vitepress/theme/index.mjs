import { h } from 'vue';
import DefaultTheme from 'vitepress/theme-without-fonts';
import './style.css';

/** Shown by the style sheet if the page comes from a folder. */
const notice = () =>
  h('p', { class: 'module-notice' }, [
    'You opened this page from a folder. To search, serve the folder: ',
    h('code', 'python3 -m http.server'),
  ]);

export default {
  extends: DefaultTheme,
  Layout: () => h(DefaultTheme.Layout, null, { 'doc-before': notice }),
};
