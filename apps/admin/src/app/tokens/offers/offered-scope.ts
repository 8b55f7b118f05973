import { booleanAttribute, ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import type { OfferDto } from '@latchkey/auth-models';
import { Language } from '../../core/language';
import { exactTime } from '../../shared/time/format-time';
import { GrantLink } from '../../shared/permissions/grant-link';
import { lifeInWords } from '../../shared/tokens/claim-facts';
import { Badge } from '../../shared/ui/labels';

/** Scope and lifetime of the token of a template or an offer, in words. */
@Component({
  selector: 'app-offered-scope',
  imports: [Badge, GrantLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @for (name of names(); track name) {
      <app-badge>
        @if (!name.includes(':')) {
          {{ t().pages.role }}:&nbsp;
        }
        @if (isLinked()) {
          <app-grant-link [name]="name" />
        } @else {
          {{ name }}
        }
      </app-badge>
    } @empty {
      <span>{{ sentence() }}</span>
    }
    <span class="quiet">{{ life() }}</span>
  `,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: var(--space-1) var(--space-2);
    }
  `,
})
export class OfferedScope {
  private readonly language = inject(Language);

  readonly of =
    input.required<Pick<OfferDto, 'permissions' | 'roles' | 'tokenExpiresIn' | 'tokenExpirationTime'>>();
  readonly user = input.required<string>();
  /** Whether roles and permissions link to their pages. Links in a dialog would leave it. */
  readonly isLinked = input(false, { transform: booleanAttribute });

  protected readonly t = this.language.texts;
  protected readonly names = computed(() => [...(this.of().roles ?? []), ...(this.of().permissions ?? [])]);
  protected readonly sentence = computed(() => {
    const { everything, nothing } = this.t().offers;
    const { permissions, roles } = this.of();
    return permissions === undefined && roles === undefined ? everything(this.user()) : nothing;
  });
  protected readonly life = computed(() => {
    const { tokenExpiresIn, tokenExpirationTime } = this.of();
    const { life, until, withoutEnd } = this.t().offers;
    if (tokenExpiresIn !== undefined) {
      return life(lifeInWords(tokenExpiresIn, this.t()));
    }
    return tokenExpirationTime === undefined
      ? withoutEnd
      : until(exactTime(tokenExpirationTime, this.language.tag()));
  });
}
