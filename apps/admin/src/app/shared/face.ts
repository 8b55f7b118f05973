import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { Icon, type IconName } from './icon';

/** What stands where rows would: an icon, a heading, a sentence and perhaps a way on. */
@Component({
  selector: 'app-face',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <span class="medal"><app-icon [name]="icon()" /></span>
    <h2>{{ heading() }}</h2>
    <ng-content />
  `,
  styleUrl: './face.scss',
})
export class Face {
  readonly icon = input.required<IconName>();
  readonly heading = input.required<string>();
}
