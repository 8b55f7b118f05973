import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';

/** Icons as strokes on a grid of 24. Inline, because the CSP allows no icon font from another host. */
const PATHS = {
  alert:
    'M12 8.5v4.5M12 16.5v.01M10.3 4.2 2.9 17a2 2 0 0 0 1.7 3h14.8a2 2 0 0 0 1.7-3L13.7 4.2a2 2 0 0 0-3.4 0z',
  api: 'M9.5 4.5c-2 0-2.8.9-2.8 2.5v2.2c0 1.6-.6 2.8-2.2 2.8 1.6 0 2.2 1.2 2.2 2.8V17c0 1.6.8 2.5 2.8 2.5M14.5 4.5c2 0 2.8.9 2.8 2.5v2.2c0 1.6.6 2.8 2.2 2.8-1.6 0-2.2 1.2-2.2 2.8V17c0 1.6-.8 2.5-2.8 2.5',
  audit:
    'M6.5 4.5h8l4 4V18a1.5 1.5 0 0 1-1.5 1.5H6.5A1.5 1.5 0 0 1 5 18V6a1.5 1.5 0 0 1 1.5-1.5zM14 4.5V9h4.5M8.5 12.5h6.5M8.5 16h4',
  arrowDown: 'M12 5.5v13M7 13.5l5 5 5-5',
  arrowLeft: 'M18.5 12h-13M10.5 7l-5 5 5 5',
  arrowRight: 'M5.5 12h13M13.5 7l5 5-5 5',
  arrowUp: 'M12 18.5v-13M7 10.5l5-5 5 5',
  ban: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM6 6l12 12',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  chevron: 'm8 10 4 4 4-4',
  chevronLeft: 'm14 7-5 5 5 5',
  chevronRight: 'm10 7 5 5-5 5',
  clock: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7.5V12l3 2',
  close: 'm6.5 6.5 11 11m0-11-11 11',
  copy: 'M9 9h9.5a1.5 1.5 0 0 1 1.5 1.5V19a1.5 1.5 0 0 1-1.5 1.5H10A1.5 1.5 0 0 1 8.5 19V9.5zM5.5 15A1.5 1.5 0 0 1 4 13.5V5A1.5 1.5 0 0 1 5.5 3.5H14A1.5 1.5 0 0 1 15.5 5',
  dark: 'M20 14.5A8.2 8.2 0 0 1 9.5 4 8.2 8.2 0 1 0 20 14.5z',
  dice: 'M6 4.5h12A1.5 1.5 0 0 1 19.5 6v12a1.5 1.5 0 0 1-1.5 1.5H6A1.5 1.5 0 0 1 4.5 18V6A1.5 1.5 0 0 1 6 4.5zM8.5 8.5v.01M15.5 8.5v.01M12 12v.01M8.5 15.5v.01M15.5 15.5v.01',
  done: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM8.5 12.5l2.5 2.5 4.5-5.5',
  download: 'M12 4v11M7.5 11 12 15.5 16.5 11M5 19.5h14',
  edit: 'M4.5 19.5 5.5 15 16 4.5a1.9 1.9 0 0 1 2.7 0l.8.8a1.9 1.9 0 0 1 0 2.7L9 18.5zM14 6.5l3.5 3.5',
  expired:
    'M7 3.5h10M7 20.5h10M8 3.5V7c0 2.5 4 3.5 4 5s-4 2.5-4 5v3.5M16 3.5V7c0 2.5-4 3.5-4 5s4 2.5 4 5v3.5',
  eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z',
  eyeOff:
    'M4 4l16 16M9.9 5.7A9 9 0 0 1 12 5.5c6 0 9.5 6.5 9.5 6.5a17 17 0 0 1-2.7 3.4M6.3 7.2A16.5 16.5 0 0 0 2.5 12S6 18.5 12 18.5a9 9 0 0 0 4.6-1.3M9.9 9.9a3 3 0 0 0 4.2 4.2',
  keyboard:
    'M4.5 6.5h15A1.5 1.5 0 0 1 21 8v8a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 16V8a1.5 1.5 0 0 1 1.5-1.5zM7 10.5v.01M10.3 10.5v.01M13.7 10.5v.01M17 10.5v.01M8.5 14h7',
  language:
    'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM3.5 12h17M12 3.5c2.5 2.4 3.7 5.2 3.7 8.5s-1.2 6.1-3.7 8.5c-2.5-2.4-3.7-5.2-3.7-8.5s1.2-6.1 3.7-8.5z',
  first: 'm17 7-5 5 5 5M8 7v10',
  filter: 'M5 6.5h14l-5.5 6.5v5l-3 1.5V13z',
  home: 'M4 11.5 12 5l8 6.5M6.5 10v8.5A1.5 1.5 0 0 0 8 20h8a1.5 1.5 0 0 0 1.5-1.5V10M10 20v-5.5h4V20',
  infinity: 'M7.5 8.5a3.5 3.5 0 1 0 0 7c3 0 6-7 9-7a3.5 3.5 0 1 1 0 7c-3 0-6-7-9-7z',
  key: 'M8 7.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM12.5 12H21v3.5M17 12v2.5',
  last: 'm7 7 5 5-5 5M16 7v10',
  light:
    'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4',
  lock: 'M6.5 10.5h11A1.5 1.5 0 0 1 19 12v7a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 5 19v-7a1.5 1.5 0 0 1 1.5-1.5zM8 10.5V7.5a4 4 0 0 1 8 0v3',
  more: 'M6 11.1a.9.9 0 1 0 0 1.8.9.9 0 0 0 0-1.8zM12 11.1a.9.9 0 1 0 0 1.8.9.9 0 0 0 0-1.8zM18 11.1a.9.9 0 1 0 0 1.8.9.9 0 0 0 0-1.8z',
  offline:
    'M3 3l18 18M8.5 15.5a5 5 0 0 1 7 0M5 12a10 10 0 0 1 4.5-2.6M14.5 9.3A10 10 0 0 1 19 12M12 19v.01M2.5 8.5A14 14 0 0 1 6.5 6M10.5 5.1a14 14 0 0 1 11 3.4',
  pause: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM10 9v6M14 9v6',
  play: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM10.5 9v6l4.5-3z',
  plus: 'M12 5.5v13M5.5 12h13',
  refresh: 'M20 11a8 8 0 0 0-14.3-4L4 8.5M4 4.5v4h4M4 13a8 8 0 0 0 14.3 4l1.7-1.5M20 19.5v-4h-4',
  search: 'M11 4.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM16 16l4 4',
  roles:
    'M6 6h12a1.5 1.5 0 0 1 1.5 1.5v11A1.5 1.5 0 0 1 18 20H6a1.5 1.5 0 0 1-1.5-1.5v-11A1.5 1.5 0 0 1 6 6zM10 6V3.5h4V6M12 9.5a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6zM8.5 17a3.6 3.6 0 0 1 7 0',
  service:
    'M9.5 4h5M12 4v3.5M6.5 7.5h11A2 2 0 0 1 19.5 9.5v8a2 2 0 0 1-2 2h-11a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2zM9 12v2M15 12v2',
  settings: 'M4 7h9M17 7h3M4 12h3M11 12h9M4 17h9M17 17h3M15 5v4M9 10v4M15 15v4',
  signOut: 'M10 4H5.5A1.5 1.5 0 0 0 4 5.5v13A1.5 1.5 0 0 0 5.5 20H10M15.5 16l4-4-4-4M19.5 12H9.5',
  shield: 'M12 3.5 5 6v5.5c0 4.3 2.9 7.4 7 9 4.1-1.6 7-4.7 7-9V6zM9 12l2.2 2.2L15.2 10',
  sleep: 'M5 6h6l-6 8h6M14 12h5l-5 6.5h5',
  sort: 'M8 5v14M8 19l-3.5-3.5M8 19l3.5-3.5M16 19V5M16 5l-3.5 3.5M16 5l3.5 3.5',
  system:
    'M4.5 5h15A1.5 1.5 0 0 1 21 6.5v8a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 14.5v-8A1.5 1.5 0 0 1 4.5 5zM8.5 20h7M12 16v4',
  trash:
    'M4.5 6.5h15M9.5 6.5V4.5h5v2M6.5 6.5l.8 12a1.5 1.5 0 0 0 1.5 1.5h6.4a1.5 1.5 0 0 0 1.5-1.5l.8-12M10.5 10.5v6M13.5 10.5v6',
  user: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 20a7.5 7.5 0 0 1 15 0',
  users:
    'M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM2.5 19.5a6.5 6.5 0 0 1 13 0M15.5 5.3a3.5 3.5 0 0 1 0 6.4M17.5 14.3a6.5 6.5 0 0 1 4 5.2',
} as const;

/** The name of an icon. */
export type IconName = keyof typeof PATHS;

/** Decorative icon; a text or label beside it carries the meaning. */
@Component({
  selector: 'app-icon',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<svg viewBox="0 0 24 24" aria-hidden="true"><path [attr.d]="path()" /></svg>`,
  styles: `
    :host {
      display: inline-flex;
      flex: none;
    }
    svg {
      width: var(--app-icon-size, 20px);
      height: var(--app-icon-size, 20px);
      fill: none;
      stroke: currentColor;
      stroke-width: 1.75;
      stroke-linecap: round;
      stroke-linejoin: round;
    }
  `,
})
export class Icon {
  readonly name = input.required<IconName>();
  protected readonly path = computed(() => PATHS[this.name()]);
}
