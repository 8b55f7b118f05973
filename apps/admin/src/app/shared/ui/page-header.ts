import { ChangeDetectionStrategy, Component, input } from '@angular/core';

/** Header of a page: its heading, a sentence below, and projected actions on the right. */
@Component({
  selector: 'app-page-header',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div>
      <h1 tabindex="-1">{{ heading() }}</h1>
      @if (lead(); as lead) {
        <p>{{ lead }}</p>
      }
    </div>
    <ng-content />
  `,
})
export class PageHeader {
  readonly heading = input.required<string>();
  readonly lead = input('');
}
