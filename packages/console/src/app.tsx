/** The whole console. */
export function App() {
  return <h1>Carillon</h1>;
}
