package io.tunstack.http;

import io.tunstack.http.wire.HttpMethod;
import io.tunstack.http.wire.PathMap;
import io.tunstack.http.wire.Target;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * Which handler answers which path and method. Paths are exact. HEAD goes where GET goes, OPTIONS
 * is answered here, a path with other methods is 405 with Allow, a path that nobody has is 404.
 * Immutable.
 */
public final class HttpRouter {
  private final PathMap<Resource> resources;

  private HttpRouter(PathMap<Resource> resources) {
    this.resources = resources;
  }

  /**
   * Starts to describe one.
   *
   * @return a builder without routes
   */
  public static Builder builder() {
    return new Builder();
  }

  /** Who answers; how much body it takes, empty for the server's default. */
  record Route(HttpHandler handler, OptionalLong maxBodyBytes) {}

  private static final Route NOT_FOUND =
      canned(() -> HttpResponse.text(404, "Nothing here. Try / for what there is.\n"));

  private static final Route OPTIONS_ASTERISK =
      canned(
          () ->
              HttpResponse.status(204)
                  .header("Allow", "GET, HEAD, POST, PUT, DELETE, OPTIONS, PATCH")
                  .build());

  private static Route canned(Supplier<HttpResponse> response) {
    return new Route(exchange -> exchange.respond(response.get()), OptionalLong.empty());
  }

  Route find(HttpMethod method, Target target) {
    Resource resource = target.lookUp(resources);
    if (resource != null) {
      return resource.find(method);
    }
    return target.path().equals("*") ? OPTIONS_ASTERISK : NOT_FOUND;
  }

  /** A path with its methods. */
  private static final class Resource {
    private final EnumMap<HttpMethod, Route> routes;

    Resource(EnumMap<HttpMethod, Route> routes) {
      this.routes = routes;
    }

    Route find(HttpMethod method) {
      Route route = routes.get(method);
      return route != null ? route : without(method);
    }

    private Route without(HttpMethod method) {
      Route get = routes.get(HttpMethod.GET);
      if (method == HttpMethod.HEAD && get != null) {
        return get;
      }
      String allow = allow();
      if (method == HttpMethod.OPTIONS) {
        return canned(() -> HttpResponse.status(204).header("Allow", allow).build());
      }
      return canned(
          () ->
              HttpResponse.status(405)
                  .header("Allow", allow)
                  .body("text/plain; charset=utf-8", "Not with this method. Use " + allow + ".\n")
                  .build());
    }

    private String allow() {
      StringBuilder names = new StringBuilder();
      for (HttpMethod method : HttpMethod.values()) {
        boolean byItself =
            method == HttpMethod.OPTIONS
                || (method == HttpMethod.HEAD && routes.containsKey(HttpMethod.GET));
        if (byItself || routes.containsKey(method)) {
          names.append(names.isEmpty() ? "" : ", ").append(method);
        }
      }
      return names.toString();
    }
  }

  /** Collects routes. */
  public static final class Builder {
    private final Map<String, Resource> resources = new HashMap<>();

    private Builder() {}

    /**
     * Adds a route for GET, and HEAD.
     *
     * @param path exact, beginning with a slash, decoded
     * @param handler answers
     * @return this builder
     */
    public Builder get(String path, HttpHandler handler) {
      return route(HttpMethod.GET, path, handler);
    }

    /**
     * Adds a route whose bodies are limited as {@link HttpLimits#bodyBytes} says.
     *
     * @param method not CONNECT
     * @param path exact, beginning with a slash, decoded
     * @param handler answers
     * @return this builder
     */
    public Builder route(HttpMethod method, String path, HttpHandler handler) {
      return add(method, path, new Route(handler, OptionalLong.empty()));
    }

    /**
     * Adds a route with a limit of its own on bodies.
     *
     * @param method not CONNECT
     * @param path exact, beginning with a slash, decoded
     * @param maxBodyBytes a longer body is answered with 413
     * @param handler answers
     * @return this builder
     */
    public Builder route(HttpMethod method, String path, long maxBodyBytes, HttpHandler handler) {
      return add(method, path, new Route(handler, OptionalLong.of(maxBodyBytes)));
    }

    private Builder add(HttpMethod method, String path, Route route) {
      if (!path.startsWith("/")) {
        throw new IllegalArgumentException("the path " + path + " does not begin with a slash");
      }
      if (method == HttpMethod.CONNECT) {
        throw new IllegalArgumentException("CONNECT has no path; it is for proxies");
      }
      Resource resource =
          resources.computeIfAbsent(path, key -> new Resource(new EnumMap<>(HttpMethod.class)));
      if (resource.routes.putIfAbsent(method, route) != null) {
        throw new IllegalArgumentException(method + " " + path + " has a route already");
      }
      return this;
    }

    /**
     * Builds the router.
     *
     * @return with the routes so far
     */
    public HttpRouter build() {
      Map<String, Resource> copy = new HashMap<>();
      resources.forEach((path, resource) -> copy.put(path, new Resource(resource.routes.clone())));
      return new HttpRouter(new PathMap<>(copy));
    }
  }
}
