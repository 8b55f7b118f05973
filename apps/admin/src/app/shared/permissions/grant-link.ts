import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { apiOf } from '@latchkey/auth-models/lists';
import { Session } from '../../core/session';
import { NameLink } from '../ui/page';

/** Name of a role or a permission, with a link to the page of the role or API, which shows who has it. */
@Component({
  selector: 'app-grant-link',
  imports: [NameLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<app-name-link [name]="name()" [link]="link()" />`,
})
export class GrantLink {
  private readonly session = inject(Session);

  readonly name = input.required<string>();

  protected readonly link = computed(() => {
    const name = this.name();
    // Only permissions contain a colon.
    if (name.includes(':')) {
      return this.session.can('apis:read') ? ['/apis', apiOf(name)] : null;
    }
    return this.session.can('roles:read') ? ['/roles', name] : null;
  });
}
