import { booleanAttribute, ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { UserTokenDto } from '@latchkey/auth-models';
import { TOKEN_KINDS, TOKEN_STATES } from '@latchkey/auth-models/lists';
import { injectTexts } from '../../core/language';
import { Session } from '../../core/session';
import type { Texts } from '../../core/texts/texts';
import type { ListFilter } from '../filters/filter-chip';
import type { ListPreset } from '../filters/filter-menu';
import { KeepFocus } from '../keep-focus';
import { List, type RowIdentity } from '../list/list';
import { ListColumn } from '../list/list-column';
import type { ListSelection } from '../list/list-selection';
import type { ListState } from '../list/list-state';
import type { RowList } from '../list/paged-list';
import { Time } from '../time/time';
import { EmptyState } from '../ui/states';
import { tokenName } from './token';
import { TokenExpiry, TokenIdentity, TokenLastUse, TokenStateLabel } from './token-cells';
import { TokenChanges } from './token-changes';
import { TokenRowActions } from './token-row-actions';

/** List of tokens, with `listActions` for selected rows. */
@Component({
  selector: 'app-token-table',
  imports: [
    EmptyState,
    KeepFocus,
    List,
    ListColumn,
    RouterLink,
    Time,
    TokenExpiry,
    TokenIdentity,
    TokenLastUse,
    TokenRowActions,
    TokenStateLabel,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './token-table.html',
  styles: `
    .owner {
      overflow-wrap: anywhere;
    }
    /* A table is a container, a card is not. */
    @container (width > 0) {
      .owner {
        display: inline-block;
        width: max-content;
        max-width: 7.5rem;
      }
    }
    @container (width >= 68.75rem) {
      .owner {
        max-width: 280px;
      }
    }
  `,
})
export class TokenTable {
  /** Name of the list, for its layout in the browser's storage. */
  readonly name = input('tokens');
  readonly list = input.required<RowList<UserTokenDto>>();
  readonly state = input.required<ListState>();
  /** Path of the list in the API. */
  readonly path = input.required<string>();
  readonly label = input.required<string>();
  readonly filters = input.required<readonly ListFilter[]>();
  readonly presets = input<readonly ListPreset[]>([]);
  /** Whether the tokens have different owners, who get a column. */
  readonly hasOwners = input(false, { transform: booleanAttribute });
  readonly selection = input<ListSelection<UserTokenDto> | null>(null);
  readonly emptyText = input('');

  protected readonly t = injectTexts();
  protected readonly changes = inject(TokenChanges);
  protected readonly canSeeUsers = inject(Session).can('users:read');
  protected readonly sorts = computed(() => {
    const { user, ...others } = this.t().tokens.sorts;
    return this.hasOwners() ? { ...others, user } : others;
  });
  protected readonly rowOf = (token: UserTokenDto): RowIdentity => ({
    id: token.id,
    name: tokenName(token, this.t()),
    link: ['/tokens', token.id],
  });
}

/** Returns the filter by kind of token. */
export function kindFilter({ tokens: { filters, kinds } }: Texts): ListFilter {
  return {
    name: 'kind',
    label: filters.kind,
    options: TOKEN_KINDS.map((kind) => ({ value: kind, label: kinds[kind] })),
  };
}

/** Returns the filter by state of a token. */
export function stateFilter({ tokens: { filters, states } }: Texts): ListFilter {
  return {
    name: 'state',
    label: filters.state,
    options: TOKEN_STATES.map((state) => ({ value: state, label: states[state] })),
  };
}
