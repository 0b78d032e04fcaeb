/*
 * Lint rules: TypeScript's recommended set everywhere; in firmware/ the language subset that both virtual machines run
 * alike; in server and tools, which live on promises, the rules that need types.
 */
import tseslint from "typescript-eslint";

const portable = [
  ["ForInStatement", "key order differs between the virtual machines"],
  ["ForOfStatement", "Espruino and Lua differ; use an index loop"],
  ["SpreadElement", "Espruino has no spread"],
  ["RestElement", "Espruino has no rest parameters"],
  ["ObjectPattern", "Espruino has no destructuring"],
  ["ArrayPattern", "Espruino has no destructuring"],
  ["ClassDeclaration", "use plain records and free functions"],
  ["AwaitExpression", "no promises in the core"],
  ["TemplateLiteral", "use + so that the ES5 output stays plain"],
  ["BinaryExpression[operator=/^(&|\\||\\^|<<|>>|>>>|==|!=|\\*\\*|instanceof|in)$/]", "no bit operators, no loose comparison"],
  ["UnaryExpression[operator=/^(~|delete)$/]", "no bit operators, no delete"],
  ["ChainExpression", "write the comparison out"],
  ["Literal[regex]", "no regular expressions"],
  ["TSInterfaceDeclaration[id.name=/Module$/] TSFunctionType:not([params.0.name='this'])", "a module's function takes no self in Lua: begin its parameters with this: void"],
  ["TryStatement", "operating failures are returned"],
];

export default tseslint.config(
  { ignores: ["dist/", "node_modules/", "coverage/", "docs/"] },
  ...tseslint.configs.recommended,
  {
    // The interpreter has only require for its built-in modules.
    files: ["hal/espruino/*.ts", "boards/**/*.ts"],
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
  {
    files: ["exosphere/**/*.ts", "tools/**/*.ts", "console/**/*.ts", "test/exosphere/**/*.ts", "test/web/**/*.ts"],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/no-for-in-array": "error",
      "@typescript-eslint/only-throw-error": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    // With noUncheckedIndexedAccess: an assertion is either needed, and then present() says why it holds, or noise.
    files: ["exosphere/**/*.ts"],
    rules: { "@typescript-eslint/no-non-null-assertion": "error", "@typescript-eslint/no-unnecessary-type-assertion": "error" },
  },
  {
    files: ["firmware/**/*.ts"],
    rules: {
      "no-restricted-syntax": ["error", ...portable.map(([selector, message]) => ({ selector, message }))],
      "no-restricted-globals": ["error", "Date", "Math.random", "setTimeout", "setInterval", "console", "require", "process", "JSON", "Promise", "Map", "Set", "Uint8Array", "Buffer"],
      eqeqeq: "error",
    },
  },
);
