/**
 * What the daemon serves.
 *
 * <pre>
 *   /            a page about this stack and the visitor's own connection     IndexRoute
 *   /hello       hello                                                        TunstackRoutes
 *   /bytes?n=N   N bytes, byte i = i mod 251                                  BytesRoute
 *   /sink        takes a body, answers {"bytes":N}                            SinkRoute
 *   /digest      the same with "sha256"                                       SinkRoute
 *   /echo        gives the body back as it comes                              EchoRoute
 *   /status      counters and connections as JSON                             StatusRoute
 * </pre>
 *
 * <p>{@link io.tunstack.http.routes.TunstackRoutes} puts them into a router. Each is an ordinary
 * {@link io.tunstack.http.HttpHandler} and uses nothing that an application could not.
 */
package io.tunstack.http.routes;
