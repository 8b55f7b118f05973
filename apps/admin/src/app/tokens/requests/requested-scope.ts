import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { TokenTemplateDto } from '@latchkey/auth-models';
import { injectTexts } from '../../core/language';
import { lifeInWords } from '../../shared/time/life-in-words';
import { Badge } from '../../shared/ui/labels';

/** Scope and lifetime of the token of a template or a request, in words. */
@Component({
  selector: 'app-requested-scope',
  imports: [Badge],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @for (name of names(); track name) {
      <app-badge>{{ name }}</app-badge>
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
      gap: 4px 6px;
    }
  `,
})
export class RequestedScope {
  readonly of = input.required<Pick<TokenTemplateDto, 'permissions' | 'roles' | 'expiresIn'>>();
  readonly user = input.required<string>();

  protected readonly t = injectTexts();
  protected readonly names = computed(() => [
    ...(this.of().roles ?? []).map((role) => `${this.t().pages.role}: ${role}`),
    ...(this.of().permissions ?? []),
  ]);
  protected readonly sentence = computed(() => {
    const { everything, nothing } = this.t().tokenRequests;
    const { permissions, roles } = this.of();
    return permissions === undefined && roles === undefined ? everything(this.user()) : nothing;
  });
  protected readonly life = computed(() =>
    this.t().tokenRequests.life(lifeInWords(this.of().expiresIn, this.t())),
  );
}
