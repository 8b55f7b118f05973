import { ChangeDetectionStrategy, Component, input } from '@angular/core';

/** One term of a `<dl class="facts">` with its projected value. */
@Component({
  // eslint-disable-next-line @angular-eslint/component-selector -- a dl may contain a div, but no custom element
  selector: 'div[appFact]',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <dt>{{ appFact() }}</dt>
    <dd><ng-content /></dd>
  `,
})
export class Fact {
  /** The term. */
  readonly appFact = input.required<string>();
}
