/*
 * Expressions in expressions, as programs: made from the names that test/bundle/constructs.ts gives to nestings.
 *
 * Input: such as "&& as left of ||" or "SequenceExpression as init of ForStatement". Output: the body of a
 * function that returns a text: results for many values, and the order in which the parts ran. Invariant: the
 * inner expression decides the text together with the outer one; what is not known here is an error, so that
 * no nesting passes unproved. Left out because it differs (docs/PLATFORMS.md): undefined compared with a text.
 */
const BINARY = ["+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>", ">>>", "<", "<=", ">", ">=", "==", "!=", "===", "!==", "&&", "||"];
const ASSIGNMENT = ["=", "+=", "-=", "*=", "%=", "/=", "|=", "&="];
const UNARY = ["!", "sign-", "sign+", "~", "typeof", "void", "delete"];

/** Leaves: t(n) tells that it ran and gives the n-th of the current values; x and r.x may be written to. */
function child(kind: string): string {
  if (BINARY.includes(kind)) return `(t(0)${kind}t(1))`;
  if (ASSIGNMENT.includes(kind)) return `(x${kind}t(0))`;
  if (kind === "delete") return "(delete r.x)";
  if (UNARY.includes(kind)) return `(${kind.replace("sign", "")} t(0))`;
  if (kind === "ConditionalExpression") return "(t(0)?t(1):t(2))";
  if (kind === "SequenceExpression") return "(t(0),t(1))";
  if (kind === "UpdateExpression") return "(x++)";
  if (kind === "CallExpression") return "f(t(0),t(1))";
  if (kind === "FunctionExpression") return "(function(a){return a+t(1);})";
  throw new Error(`no program is known for ${kind} inside of another expression: add it to test/bundle/nesting_probes.ts`);
}

/** Where `inner` stands in the outer construct; the statements leave their result in y. */
function statements(outer: string, slot: string, inner: string): string {
  const at = `${slot} of ${outer}`;
  const isFunction = inner.startsWith("(function");
  if (isFunction && at === "callee of CallExpression") return `y=${inner}(t(2));`;
  if (isFunction && at === "arguments of CallExpression") return `y=g(${inner});`;
  // The interpreter says false where there was nothing to delete, the language says true: nothing may depend on it.
  if (inner === "(delete r.x)" && outer === "SequenceExpression") return `y=(${inner},t(3))+typeof r.x;`;
  // A function is a value that is called later.
  if (isFunction && outer === "=") return `z=${inner};y=z(t(2));`;
  if (isFunction && outer === "VariableDeclarator") return `var q=${inner};y=q(t(2));`;
  if (isFunction && outer === "Property") return `y={a:${inner}}.a(t(2));`;
  if (isFunction && outer === "ReturnStatement") return `y=function(){return ${inner};}()(t(2));`;
  if (isFunction && outer === "ArrayExpression") return `y=[${inner}][0](t(2));`;
  if (isFunction && outer === "SequenceExpression") return `y=(t(3),${inner})(t(2));`;
  if (BINARY.includes(outer)) return slot === "left" ? `y=${inner}${outer}t(3);` : `y=t(3)${outer}${inner};`;
  if (ASSIGNMENT.includes(outer)) return `x=t(3);x${outer}${inner};y=x;r.x${outer}${inner};y+=":"+r.x;`;
  if (UNARY.includes(outer)) return `y=${outer.replace("sign", "")} ${inner};`;
  const text: { [place: string]: string } = {
    "test of ConditionalExpression": `y=${inner}?t(3):t(2);`, "consequent of ConditionalExpression": `y=t(3)?${inner}:t(2);`, "alternate of ConditionalExpression": `y=t(3)?t(2):${inner};`,
    "expressions of SequenceExpression": `y=(${inner},t(3));y+=":"+(t(3),${inner});`,
    "argument of ReturnStatement": `y=function(){return ${inner};}();`, "argument of ThrowStatement": `try{throw ${inner};}catch(e){y=e;}`,
    "test of IfStatement": `if(${inner})y=1;else y=2;`, "test of WhileStatement": `x=0;while(${inner}){if(++n>3)break;}y=n;`,
    "init of ForStatement": `for(${inner};n<2;n++)y=n;`, "test of ForStatement": `for(;${inner};){if(++n>3)break;}y=n;`, "update of ForStatement": `for(;n<2;${inner})y=n++;`,
    "expression of ExpressionStatement": `${inner};y=x;`, "init of VariableDeclarator": `var q=${inner},p=q;y=p;`,
    "value of Property": `y={a:${inner},b:t(3)}.a;`, "elements of ArrayExpression": `y=[t(3),${inner}][1];`,
    "object of MemberExpression": `y=("s"+${inner}).length;x="abc";z=t(3);v=["ab","c","","d"];y+=":"+${inner}.length;`, "property of MemberExpression": `y=[5,6,7,8][${inner}];`,
    "arguments of CallExpression": `y=f(${inner},t(3))+","+f(t(3),${inner});`, "callee of CallExpression": `y=f(${inner},t(3));`,
    "arguments of NewExpression": `y=new Uint8Array(${inner}&7).length;`,
    "discriminant of SwitchStatement": `switch(${inner}){case 1:y=1;break;case 2:y=2;break;default:y=3;}`, "test of SwitchCase": `switch(t(3)){case ${inner}:y=1;break;default:y=3;}`,
  };
  if (text[at] === undefined) throw new Error(`no program is known for "${at}": add it to test/bundle/nesting_probes.ts`);
  return text[at];
}

/** Defined once, before the bodies run. */
export const NESTING_HELP = "var v,log;function t(n){log+=n;return v[n];}function f(a,b){log+=\"f\";return a===b?b:a;}function g(h){return h(t(2));}" +
  "function show(y){return typeof y===\"number\"?(isNaN(y)?\"NaN\":\"\"+Math.round(y*1000)):typeof y+y;}" +
  "var VALUES=[[0,1,2,3],[1,0,3,2],[2,2,1,0],[6,-3,0,1],[\"a\",\"b\",\"\",\"a\"],[3,4,7,7],[void 0,1,2,0],[1,2,3,4]];" +
  "function run(h){var s=\"\";for(var i=0;i<VALUES.length;i++){v=VALUES[i];log=\"\";s+=show(h())+\"/\"+log+\" \";}return s;}";

/** The body of a function without parameters for `nesting`. @throws Error when it is of a kind that is not known */
export function nestingBody(nesting: string): string {
  const parts = /^(\S+) as (\S+) of (\S+)$/.exec(nesting);
  if (parts === null) throw new Error(`not a nesting: ${nesting}`);
  return `var x=1,y,z,n=0,r={x:1};${statements(parts[3]!, parts[2]!, child(parts[1]!))}return y;`;
}
