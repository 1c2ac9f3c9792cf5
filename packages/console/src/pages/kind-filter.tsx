import { kindName } from '../kind-name.ts';
import { useLoad } from '../load.ts';
import { ChoiceFilter } from './choice-filter.tsx';

/** Shows only what goes by one channel kind. */
export function KindFilter() {
  const kinds = useLoad((api, signal) => api.channelKinds.list({ signal }), []);
  const known = kinds.data?.data ?? [];
  return (
    <ChoiceFilter
      name="kind"
      label="Channel kind"
      choices={[
        { value: '', label: 'Every kind' },
        ...known.map(({ kind }) => ({ value: String(kind), label: kindName(kind) })),
      ]}
    />
  );
}
