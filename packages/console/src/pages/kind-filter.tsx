import { kindName } from '../kind-name.ts';
import { useLoad } from '../load.ts';
import { SelectField } from '../ui/field.tsx';
import { useFilters } from '../ui/keyset-table.tsx';

/** Shows only what goes by one channel kind. */
export function KindFilter() {
  const filters = useFilters();
  const kinds = useLoad((api, signal) => api.channelKinds.list({ signal }), []);
  const known = kinds.data?.data ?? [];
  return (
    <SelectField
      label="Channel kind"
      value={filters.valueOf('kind')}
      onValue={(value) => filters.set('kind', value)}
      choices={[
        { value: '', label: 'Every kind' },
        ...known.map(({ kind }) => ({ value: String(kind), label: kindName(kind) })),
      ]}
    />
  );
}
